export { evaluate } from './program.js';
