import { optionError } from '../../core/errors.ts';
import type { Resolved } from '../../core/options.ts';
import type { GateOptions } from '../options.ts';
import { nameSet } from './name-set.ts';

/** Cookies that only scripts, consent banners and load balancers read. */
const HARMLESS_COOKIES =
  '_ga _gid _fbp _fbc FPID FPLC _clck _clsk _dd_s _ttp hubspotutk messagesUtk __stripe_mid __stripe_sid OptanonConsent ' +
  'OptanonAlertBoxClosed CookieConsent euconsent-v2 didomi_token cookieyes-consent usprivacy __cf_bm cf_clearance __cflb ' +
  '__cfruid _cfuvid AWSALB AWSALBCORS AWSALBTG AWSALBTGCORS ARRAffinity ARRAffinitySameSite GCLB ak_bmsc bm_sv bm_sz ' +
  '_abck datadome _ga_* _gat* _gac_* _gcl_* __utm* _hj* _pk_* mtm_* _uet* _ym_* ph_* mp_* ajs_* amplitude_id* AMP_* amp_* ' +
  '_hp2_* __hs* intercom-id-* intercom-device-id-* crisp-client* __zlc* visid_incap_* incap_ses_* nlbi_* __cfwaitingroom* ' +
  '__cfseq-* cmplz_* _iub_cs-* axeptio_* cookieconsent_* _tt_* _pin* _rdt_* _scid*';

/** Which cookies send a request to the app. */
export interface CookieRule {
  /** The names of the cookies that matter, at most {@link MOST_NAMES}; none: the header may be ignored. */
  mattering(header: string): readonly string[];
  /** The same for nginx. */
  readonly nginx: {
    /** A regular expression (PCRE) over the header. */
    readonly pattern: string;
    /** Whether a header that matches matters, or one that does not. */
    readonly matters: boolean;
  };
}

/** One header may have thousands. */
const MOST_NAMES = 20;

/** Decides which cookies matter: all but the harmless ones, or those alone that are named. */
export function cookieRule({
  bypassCookies,
  ignoreCookies,
}: Pick<Resolved<GateOptions, 'bypassCookies'>, 'bypassCookies' | 'ignoreCookies'>): CookieRule {
  if (bypassCookies === undefined) return ignoring([...HARMLESS_COOKIES.split(' '), ...ignoreCookies]);
  if (ignoreCookies.length === 0) return naming(bypassCookies);
  throw optionError(
    'ignoreCookies',
    (name) =>
      `${name('ignoreCookies')} means nothing beside ${name('bypassCookies')}, which names all cookies that matter. Keep one.`,
  );
}

/** Every cookie matters but these; and so does what is no list of `name=value`, each behind `;` and any spaces. */
function ignoring(list: readonly string[]): CookieRule {
  const names = nameSet(list);
  return {
    mattering(header) {
      const found: string[] = [];
      for (let start = 0; start < header.length && found.length < MOST_NAMES;) {
        const end = endOf(header, start);
        const equals = header.indexOf('=', start);
        const isPair = equals !== -1 && equals < end;
        const name = header.slice(start, isPair ? equals : end);
        if (!isPair || !names.has(name)) found.push(name);
        start = end + 1;
        while (header.charCodeAt(start) === SPACE) start += 1;
      }
      return found;
    },
    // Nginx keeps a tab that stands first. Atomic and possessive: a header made against it would cost nginx 100 ms else.
    nginx: { pattern: `^\\t*+(?>${names.pattern('[^=;]')}=[^;]*+(?:; *+|$))*+$`, matters: false },
  };
}

/** These alone matter. A blank around a name is none of it to the parsers of cookies, and one without value counts. */
function naming(list: readonly string[]): CookieRule {
  const names = nameSet(list);
  return {
    mattering: (header) =>
      list.length === 0
        ? []
        : namesOf(header)
            .filter((name) => names.has(name))
            .slice(0, MOST_NAMES),
    nginx: {
      pattern: list.length === 0 ? '(?!)' : `(?:^|;)[ \\t]*+${names.pattern('[^=;]')}[ \\t]*+(?:[=;]|$)`,
      matters: true,
    },
  };
}

const SPACE = 0x20;

function endOf(header: string, start: number): number {
  const end = header.indexOf(';', start);
  return end === -1 ? header.length : end;
}

function namesOf(header: string): string[] {
  return header.split(';').map((pair) => {
    const equals = pair.indexOf('=');
    return (equals === -1 ? pair : pair.slice(0, equals)).replaceAll(/^[ \t]+|[ \t]+$/g, '');
  });
}
