// Imports a module into a fresh process and prints how long it took: node time-import.js <specifier>
const [, , specifier] = process.argv;
const start = performance.now();
await import(specifier);
console.log(JSON.stringify({ milliseconds: performance.now() - start }));
