// Writes the reference anew: npm run generate
import { writeFileSync } from 'node:fs';
import { referencePage } from './reference.ts';

writeFileSync(new URL('reference.md', import.meta.url), referencePage());
