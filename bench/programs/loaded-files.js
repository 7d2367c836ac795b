// Imports a module and prints the files it was made of: node loaded-files.js <specifier>
import { Session } from 'node:inspector';

const files = [];
const session = new Session();
session.connect();
// Enabling reports what is there already; from then on V8 tells of every script it parses, import or require.
session.post('Debugger.enable');
session.on('Debugger.scriptParsed', ({ params }) => files.push(params.url));
await import(process.argv[2]);
session.disconnect();
console.log(JSON.stringify({ files: files.filter((url) => url !== '' && !url.startsWith('node:')) }));
