import jsTokens from 'js-tokens';
import type { Reference } from './reference.ts';
import { literalValue } from './script-literal.ts';

/** Most scripts that have the name compute what they import; only a literal is worth the tokens. */
const MAY_IMPORT = /\bimportScripts\s*\(\s*(?:["'`]|\/[/*])/;

/** Finds the literals in `importScripts('a.js', 'b.js')` of a classic worker, not in comments and texts. */
export function findImportedScripts(text: string): Reference[] {
  if (!MAY_IMPORT.test(text)) return [];
  const references: Reference[] = [];
  let offset = 0;
  let state: 'outside' | 'named' | 'called' = 'outside';
  for (const { type, value } of jsTokens(text)) {
    switch (type) {
      case 'WhiteSpace':
      case 'LineTerminatorSequence':
      case 'MultiLineComment':
      case 'SingleLineComment':
        break;
      case 'IdentifierName':
        state = value === 'importScripts' ? 'named' : 'outside';
        break;
      case 'Punctuator':
        state = next(state, value);
        break;
      case 'StringLiteral':
      case 'NoSubstitutionTemplate': {
        const specifier = state === 'called' ? literalValue(value) : undefined;
        if (specifier !== undefined) references.push({ kind: 'resource', specifier, offset });
        break;
      }
      default:
        state = 'outside';
    }
    offset += value.length;
  }
  return references;
}

function next(state: 'outside' | 'named' | 'called', punctuator: string): 'outside' | 'called' {
  if (state === 'named') return punctuator === '(' ? 'called' : 'outside';
  return state === 'called' && punctuator === ',' ? 'called' : 'outside';
}
