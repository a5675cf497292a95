#!/usr/bin/env node
import { runCli } from './cli/run-cli.js';

const code = await runCli(process.argv.slice(2), {
  variables: process.env,
  print: (line) => console.log(line),
  complain: (line) => console.error(line),
});
process.exit(code);
