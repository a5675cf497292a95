import { findPackageJSON } from 'node:module';

/** Runs models in ONNX format. It is not a dependency: its own install fetches 400 MB from elsewhere. */
export const TRANSFORMERS_PACKAGE = '@huggingface/transformers';

/** Whether whoever runs the gateway has added the package. */
export function hasTransformers(): boolean {
  try {
    return findPackageJSON(TRANSFORMERS_PACKAGE, import.meta.url) !== undefined;
  } catch {
    return false;
  }
}
