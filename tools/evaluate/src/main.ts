import { evaluate } from './program.js';

process.exit(
  await evaluate(process.argv.slice(2), {
    print: (text) => {
      console.log(text);
    },
    complain: (text) => {
      console.error(text);
    },
  }),
);
