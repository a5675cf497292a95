import type { Vectors } from '@parsimony/contract';
import { aFolder } from '../../test/a-folder.js';
import { aLog } from '../../test/a-log.js';
import { describeVectorsConformance } from '../testing/describe-conformance.js';
import type { OpenedStore } from '../testing/opened-store.js';
import { openEmbeddedVectors } from './embedded-vectors.js';

describeVectorsConformance('embedded', async (): Promise<OpenedStore> => {
  const folder = await aFolder();
  const open = (): Promise<Vectors & AsyncDisposable> => openEmbeddedVectors({ folder: folder.path, log: aLog() });
  let vectors = await open();
  return {
    get vectors() {
      return vectors;
    },
    restart: async () => {
      await vectors[Symbol.asyncDispose]();
      vectors = await open();
    },
    [Symbol.asyncDispose]: async () => {
      await vectors[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
});
