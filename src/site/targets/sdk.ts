import { StaticUrlError, systemErrorCode } from '../../core/errors.ts';
import { quote } from '../../core/text.ts';

/**
 * Loads the SDK of a target, which is an optional peer dependency, on its first use.
 *
 * @param caller - the function, as messages name it: `'s3Target()'`
 * @param name - of the package
 * @throws {@link StaticUrlError} `PACKAGE_MISSING`
 */
export async function loadSdk<Sdk>(caller: string, name: string, load: () => Promise<Sdk>): Promise<Sdk> {
  try {
    return await load();
  } catch (error) {
    // A package that is there and lacks one of its own is another matter.
    if (systemErrorCode(error) !== 'ERR_MODULE_NOT_FOUND' || !String(error).includes(`'${name}'`))
      throw error;
    throw new StaticUrlError(
      'PACKAGE_MISSING',
      `${caller} needs the package ${quote(name)}. Install it: npm install ${name}`,
      { cause: error },
    );
  }
}
