import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { kubernetesSchema, type Schema } from './kubernetes-schema.js';

/** The kinds that the chart makes. */
const KINDS = [
  'apps/v1/Deployment',
  'apps/v1/StatefulSet',
  'autoscaling/v2/HorizontalPodAutoscaler',
  'batch/v1/CronJob',
  'batch/v1/Job',
  'networking.k8s.io/v1/Ingress',
  'networking.k8s.io/v1/NetworkPolicy',
  'policy/v1/PodDisruptionBudget',
  'v1/ConfigMap',
  'v1/Pod',
  'v1/Secret',
  'v1/Service',
  'v1/ServiceAccount',
];

const [, , path] = process.argv;
if (path === undefined) throw new Error('say where the swagger.json of a Kubernetes release is');
const openApi = JSON.parse(readFileSync(path, 'utf8')) as { readonly definitions: Readonly<Record<string, Schema>> };
const target = fileURLToPath(new URL('../schemas/kubernetes.json', import.meta.url));
writeFileSync(target, `${JSON.stringify(kubernetesSchema(openApi, KINDS), null, 1)}\n`);
