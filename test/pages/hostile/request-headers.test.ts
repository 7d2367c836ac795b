import test from 'ava';
import express from 'express';
import { pageCache } from '../../../src/express.ts';
import { startSite } from './site.ts';

const POISON = 'poison';

/** What a visitor may send that an app, or something before it, would take for the truth about the request. */
const HEADERS: Readonly<Record<string, string>> = {
  // Who the site is, and where.
  'X-Forwarded-Host': 'poison.example',
  'X-Forwarded-Proto': POISON,
  'X-Forwarded-Protocol': POISON,
  'X-Forwarded-Scheme': POISON,
  'X-Forwarded-Ssl': POISON,
  'X-Forwarded-Port': POISON,
  'X-Forwarded-Prefix': '/poison',
  'X-Forwarded-Path': '/poison',
  'X-Forwarded-Server': 'poison.example',
  'X-Forwarded-For': '10.0.0.1, poison',
  'X-Forwarded-User': POISON,
  'X-Forwarded-Email': POISON,
  'X-Forwarded-Groups': POISON,
  Forwarded: 'for=poison;host=poison.example;proto=https',
  'X-Host': 'poison.example',
  'X-Original-Host': 'poison.example',
  'X-HTTP-Host-Override': 'poison.example',
  'X-Original-URL': '/poison',
  'X-Rewrite-URL': '/poison',
  'X-Url-Scheme': POISON,
  'Front-End-Https': POISON,
  'X-Script-Name': '/poison',
  'X-Base-Url': '/poison',
  // What is asked for.
  'X-HTTP-Method-Override': 'POISON',
  'X-HTTP-Method': 'POISON',
  'X-Method-Override': 'POISON',
  Accept: 'text/html;poison=1, */*;q=0.1',
  'Accept-Language': 'poison',
  'Accept-Encoding': 'poison',
  'Accept-Charset': POISON,
  'Accept-CH': POISON,
  'Accept-Datetime': POISON,
  Prefer: POISON,
  TE: POISON,
  'Cache-Control': 'poison',
  Pragma: POISON,
  // What a browser says of itself.
  'User-Agent': POISON,
  'Sec-CH-UA': '"poison"',
  'Sec-CH-UA-Mobile': POISON,
  'Sec-CH-UA-Platform': '"poison"',
  'Sec-CH-Prefers-Color-Scheme': POISON,
  'Sec-CH-Viewport-Width': POISON,
  'Viewport-Width': POISON,
  'Device-Memory': POISON,
  DPR: POISON,
  Width: POISON,
  'Save-Data': POISON,
  DNT: POISON,
  'Sec-GPC': POISON,
  'Sec-Fetch-Mode': POISON,
  'Sec-Fetch-Dest': POISON,
  'Sec-Purpose': POISON,
  'Upgrade-Insecure-Requests': POISON,
  'X-Wap-Profile': POISON,
  Referer: 'https://poison.example/',
  // Cookies that stand for nothing, and one that does.
  Cookie: '_ga=poison',
  // Conditions.
  'If-None-Match': '"poison"',
  'If-Modified-Since': 'poison',
  'If-Match': '"poison"',
  'If-Unmodified-Since': POISON,
  'If-Range': '"poison"',
  Range: 'bytes=0-1',
  // Who a proxy says the visitor is, and where.
  Via: '1.1 poison',
  'True-Client-IP': POISON,
  'X-Real-IP': POISON,
  'X-Client-IP': POISON,
  'X-Cluster-Client-IP': POISON,
  'CF-Connecting-IP': POISON,
  'CF-IPCountry': POISON,
  'CF-Visitor': '{"scheme":"poison"}',
  'CF-Ray': POISON,
  'Fastly-Client-IP': POISON,
  'CloudFront-Viewer-Country': POISON,
  'X-Vercel-IP-Country': POISON,
  'X-Azure-ClientIP': POISON,
  'X-Amzn-Oidc-Identity': POISON,
  'X-Remote-User': POISON,
  'X-Client-Cert': POISON,
  // Traces.
  traceparent: '00-poison',
  tracestate: POISON,
  baggage: POISON,
  'sentry-trace': POISON,
  'X-Request-Id': POISON,
  'X-Correlation-Id': POISON,
  'X-B3-TraceId': POISON,
  'X-Amzn-Trace-Id': POISON,
  // What scripts send.
  Origin: 'https://poison.example',
  'X-Requested-With': POISON,
  'HX-Request': POISON,
  'Turbo-Frame': POISON,
  Authorization: 'Basic poison',
  'Proxy-Authorization': 'Basic poison',
  'X-Api-Version': POISON,
  'X-Theme': POISON,
};

test('no request header of the visitor who comes first is in the page that others get', async (t) => {
  const names = Object.keys(HEADERS);
  t.true(names.length >= 60);
  const { get, stored } = await startSite(t, (pages) => {
    const app = express().set('trust proxy', true).disable('x-powered-by');
    app.use(pageCache(pages));
    // Whatever comes is in the page: `rawHeaders` shows it to an app that names no header, and is refused for none.
    app.get('/:number', ({ rawHeaders, method, hostname, protocol, ip, originalUrl }, response) => {
      response.send(JSON.stringify({ rawHeaders, method, hostname, protocol, ip, originalUrl }));
    });
    return app;
  });
  for (const [index, name] of names.entries()) {
    const path = `/${index}`;
    const first = await get(path, { [name]: HEADERS[name] ?? '' });
    const second = await get(path);
    t.is(second.status, 200, name);
    t.notRegex(second.text, /poison|10\.0\.0\.1/i, name);
    if (first.said === 'fwd=uri-miss; stored') t.is(second.said, 'hit', name);
    // What is not answered from the store reaches the app as it came.
    else t.regex(first.text, /poison|bytes=0-1/i, name);
  }
  t.is((await stored()).length, names.length);
});

const VISITORS = [
  'Accept-Language',
  'Sec-CH-UA-Mobile',
  'Save-Data',
  'X-Forwarded-User',
  'Cf-Access-Jwt-Assertion',
  'CF-IPCountry',
  'CloudFront-Viewer-Country',
];

test('what an app reads of a language, a hint or an identity refuses its page by name', async (t) => {
  const { get, stored } = await startSite(
    t,
    (pages) => {
      const app = express().disable('x-powered-by');
      app.use(pageCache(pages));
      app.get('/:name', ({ headers, params: { name } }, response) => {
        response.send(String(headers[name.toLowerCase()]));
      });
      return app;
    },
    // A pattern each: five refusals of one kind would stop the renders of a common one.
    { urls: VISITORS.map((name) => `/${name}`) },
  );
  for (const name of VISITORS) {
    const { said, text } = await get(`/${name}`, { [name]: 'mine' });
    t.is(said, `fwd=uri-miss; detail=READS_${name.toUpperCase().replaceAll('-', '_')}`);
    t.is(text, 'mine');
  }
  t.deepEqual(await stored(), []);
});
