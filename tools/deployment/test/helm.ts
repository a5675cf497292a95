import { spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { existsSync } from 'node:fs';
import { parseAllDocuments } from 'yaml';
import { pathOf } from './repository.js';

const CHART = pathOf('deploy/helm/parsimony');

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** The helm that is there; undefined where there is none. */
export function findHelm(variables: NodeJS.ProcessEnv): string | undefined {
  const places = [
    variables['HELM'],
    ...(variables['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'helm')),
  ];
  return places.find((place) => place !== undefined && place !== '' && existsSync(place));
}

function helm(program: string, ...words: readonly string[]): { readonly ok: boolean; readonly said: string } {
  const { status, stdout, stderr } = spawnSync(program, [...words], { encoding: 'utf8' });
  return { ok: status === 0, said: status === 0 ? stdout : stderr + stdout };
}

/** Renders the chart. @throws what helm says where it refuses. */
export function render(program: string, ...settings: readonly string[]): Manifest[] {
  const release = ['template', 'acme', CHART, '--namespace', 'llm', '--kube-version', '1.33.0'];
  const { ok, said } = helm(program, ...release, ...settings);
  if (!ok) throw new Error(said);
  return parseAllDocuments(said)
    .map((document) => document.toJS() as Manifest | null)
    .filter((manifest) => manifest !== null);
}

export function lint(program: string, ...settings: readonly string[]): { readonly ok: boolean; readonly said: string } {
  return helm(program, 'lint', '--strict', CHART, '--kube-version', '1.33.0', ...settings);
}
