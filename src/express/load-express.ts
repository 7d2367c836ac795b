import { createRequire } from 'node:module';
import { StaticUrlError, systemErrorCode } from '../core/errors.ts';

/**
 * Loads the app's own Express, an optional peer dependency, when a router is made.
 *
 * @throws {@link StaticUrlError} `PACKAGE_MISSING`
 */
export function loadExpress(): typeof import('express') {
  try {
    const express: typeof import('express') = createRequire(import.meta.url)('express');
    return express;
  } catch (error) {
    if (systemErrorCode(error) !== 'MODULE_NOT_FOUND') throw error;
    throw new StaticUrlError(
      'PACKAGE_MISSING',
      'Cannot find the package "express", which "static-url/express" builds its router with. Run "npm install express".',
      { cause: error },
    );
  }
}
