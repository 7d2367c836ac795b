// Writes the ready-made files anew: npm run generate
import { writeFileSync } from 'node:fs';
import { dropInFiles } from './drop-in.ts';

for (const [name, text] of Object.entries(dropInFiles())) writeFileSync(new URL(name, import.meta.url), text);
