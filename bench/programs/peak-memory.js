// Imported first by a program that is measured: says at its end how much memory it had at most.
process.once('exit', () => process.stderr.write(`\npeak ${process.resourceUsage().maxRSS * 1024}\n`));
