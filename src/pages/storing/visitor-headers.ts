/**
 * Headers by which an app would show one visitor another page than the next: languages, client hints, who a proxy says
 * the visitor is, and where. What reads them and says no `Vary` is common: i18n libraries, device detectors.
 */
const OF_VISITORS: readonly RegExp[] = [
  /^accept-language$/,
  // Client hints: RFC 8942, and the older ones.
  /^sec-ch-|^(?:dpr|width|viewport-width|device-memory|downlink|ect|rtt|save-data|sec-gpc|dnt)$/,
  // Authenticating proxies.
  /^x-forwarded-(?:user|email|preferred-username|groups|roles|access-token|client-cert)$/,
  /^(?:x-)?remote-(?:user|email|name|groups)$|^x-auth-request-|^x-webauth-|^x-authentik-|^tailscale-user-/,
  /^cf-access-|^x-amzn-oidc-|^x-goog-(?:authenticated-user|iap)-|^x-ms-(?:client-principal|token-)/,
  /^(?:x-)?ssl-client-|^(?:x-)?client-cert/,
  /^x-(?:pomerium|vouch|consumer|authenticated|jwt|oidc)-|^x-(?:user(?:-id|-name|-email|-groups|-roles|info)?|id-token|access-token)$/,
  /^oidc[-_]|^shib-|^iv-(?:user|groups|creds)|^sm[-_]|^oam[-_]remote[-_]user|^teleport-jwt-/,
  // What the visitor holds, as a proxy says.
  /^cf-device-type$|^x-akamai-device-|^x-(?:ua-)?device(?:-type)?$/,
  // Where the visitor is.
  /^cf-(?:ip|region|metro-code$|postal-code$|timezone$)|^x-client-(?:geo-location|region|city)|^x-nf-geo$|^x-akamai-edgescape$/,
  /^cloudfront-viewer-|^cloudfront-is-|^x-vercel-ip-|^x-appengine-(?:country|region|city|user)|^x-geo-|^x-country-code$/,
];

/** The headers of a visitor among those that an app has read. */
export function visitorHeaders(read: ReadonlySet<string>): string[] {
  return [...read].filter((name) => OF_VISITORS.some((pattern) => pattern.test(name)));
}
