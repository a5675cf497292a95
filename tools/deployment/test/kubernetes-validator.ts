import { Ajv } from 'ajv';
import type { KubernetesSchema } from '../src/kubernetes-schema.js';
import type { Manifest } from './helm.js';
import { jsonOf } from './repository.js';

/** Kinds of others, whose types are not among Kubernetes' own. */
const CUSTOM = new Set(['monitoring.coreos.com/v1/ServiceMonitor']);

const schema = jsonOf('tools/deployment/schemas/kubernetes.json') as KubernetesSchema;
const ajv = new Ajv({ allErrors: true, strict: false }).addSchema({ ...schema, $id: 'kubernetes' });

/** What is wrong with a manifest by the types of the Kubernetes API; unknown fields are. */
export function manifestProblems(manifest: Manifest): string[] {
  const kind = `${manifest.apiVersion}/${manifest.kind}`;
  if (CUSTOM.has(kind)) return [];
  const definition = schema.kinds[kind];
  if (definition === undefined) return [`there is no type for ${kind}`];
  const validate = ajv.getSchema(`kubernetes#/definitions/${definition}`);
  if (!validate) return [`there is no schema for ${kind}`];
  if (validate(manifest) === true) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) =>
      `${kind} ${manifest.metadata.name}${instancePath}: ${message} ${JSON.stringify(params)}`,
  );
}
