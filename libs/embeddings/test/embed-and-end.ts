import { openBundledEmbedder } from '../src/index.js';

// A process that closes nothing: it shall end all the same.
const embedder = await openBundledEmbedder();
const [vector] = await embedder.embed(['the last text']);
console.log(vector?.length);
