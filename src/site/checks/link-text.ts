/** What a link is to a browser. At most eight: three bits say which. */
const KINDS = [
  /** `<a href>`, `<area href>`: a visitor may follow it. */
  'link',
  /** `<iframe src>`, `<frame src>`. */
  'frame',
  /** `<form action>` that is sent by GET. */
  'form',
  /** `<link href>` that is not fetched: `canonical`, `alternate`, `next`. */
  'relation',
  /** `<meta http-equiv="refresh">`. */
  'refresh',
  /** What a browser fetches to show the page. */
  'asset',
  /** Whatever stands in a `<template>`: a script may change it before it counts. */
  'inert',
] as const;

/** One of the kinds of links. */
export type LinkKind = (typeof KINDS)[number];

/** A link of a page. */
export interface Link {
  /** Its number in the table of targets. */
  readonly target: number;
  /** From 1. */
  readonly line: number;
  readonly kind: LinkKind;
}

/** Each stands for five bits and for whether more follow; none is escaped in JSON. */
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const VALUES: Uint8Array = valuesOf(DIGITS);

function valuesOf(digits: string): Uint8Array {
  const values = new Uint8Array(128);
  for (let value = 0; value < digits.length; value += 1) values[digits.charCodeAt(value)] = value;
  return values;
}

function numberText(value: number): string {
  let text = '';
  let rest = value;
  for (; rest >= 32; rest = Math.floor(rest / 32)) text += DIGITS.charAt(32 + (rest % 32));
  return text + DIGITS.charAt(rest);
}

/**
 * Links as a short text, since a site has millions: two numbers for each, lines as the distance from the one before.
 *
 * @param links - in the order of their lines
 */
export function encodeLinks(links: Iterable<Link>): string {
  let text = '';
  let before = 1;
  for (const { target, line, kind } of links) {
    text += numberText((line - before) * 8 + KINDS.indexOf(kind)) + numberText(target);
    before = line;
  }
  // In one piece: a text that was put together keeps all its parts, of which each takes more memory than its letters.
  return Buffer.from(text, 'latin1').toString('latin1');
}

/** The links of a text that {@link encodeLinks} wrote. */
export function* decodeLinks(links: string): Generator<Link> {
  let line = 1;
  let at = 0;
  const next = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 32) {
      const digit = VALUES[links.charCodeAt(at)] ?? 0;
      at += 1;
      if (digit < 32 || at >= links.length) return value + (digit % 32) * factor;
      value += (digit - 32) * factor;
    }
  };
  while (at < links.length) {
    const place = next();
    line += Math.floor(place / 8);
    yield { target: next(), line, kind: KINDS[place % 8] ?? 'link' };
  }
}
