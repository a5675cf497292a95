import { beforeAll, describe, expect, it } from 'vitest';
import { findHelm, lint, render, type Manifest } from './helm.js';
import { manifestProblems } from './kubernetes-validator.js';
import { textOf } from './repository.js';

interface Container {
  readonly command?: readonly string[];
  readonly envFrom?: readonly object[];
  readonly env?: readonly { readonly name: string; readonly value?: string; readonly valueFrom?: object }[];
  readonly securityContext?: object;
  readonly resources?: { readonly limits?: object; readonly requests?: object };
  readonly [field: string]: unknown;
}

interface PodSpec {
  readonly containers: readonly Container[];
  readonly securityContext?: object;
  readonly terminationGracePeriodSeconds?: number;
  readonly enableServiceLinks?: boolean;
  readonly automountServiceAccountToken?: boolean;
}

const program = findHelm(process.env);
if (program === undefined)
  console.warn('SKIPPED: the chart is not rendered; there is no helm on the PATH, nor in $HELM');

const EXISTING = ['--set', 'existingSecret=llm-secrets'];
const OWN = ['--set', 'secrets.DATABASE_URL=postgres://u:p@db:5432/parsimony', '--set', 'secrets.OPENAI_API_KEY=sk-x'];
const EVERYTHING = [
  ...EXISTING,
  ...['--set', 'autoscaling.enabled=true', '--set', 'ingress.enabled=true', '--set', 'serviceMonitor.enabled=true'],
  ...['--set', 'tls.existingSecret=tls', '--set', 'journal.storageClass=fast', '--set', 'priorityClassName=high'],
  ...[
    '--set-json',
    'autoscaling.extraMetrics=[{"type":"External","external":{"metric":{"name":"s0-forecast"},"target":{"type":"AverageValue","averageValue":"50"}}}]',
  ],
  ...['--set-json', 'networkPolicy.from=[{"namespaceSelector":{"matchLabels":{"team":"web"}}}]'],
  ...['--set-json', 'tolerations=[{"key":"llm","operator":"Exists"}]', '--set-json', 'nodeSelector={"disk":"ssd"}'],
  ...['--set-json', 'imagePullSecrets=[{"name":"pull"}]', '--set-json', 'podAnnotations={"a":"b"}'],
  ...['--set', 'budgets.tokenSecret=service-token', '--set', 'env.OTEL_SERVICE_NAME=llm'],
  ...['--set-json', 'budgets.from=[{"namespaceSelector":{"matchLabels":{"name":"monitoring"}}}]'],
  ...['--set-json', 'ingress.tls=[{"hosts":["parsimony.example.com"],"secretName":"web"}]'],
];
const NOTHING = [
  ...OWN,
  ...['networkPolicy', 'podDisruptionBudget', 'retention', 'migrate'].flatMap((part) => [
    '--set',
    `${part}.enabled=false`,
  ]),
  ...['--set', 'serviceAccount.create=false', '--set', 'budgets.enabled=false'],
];
const SETS: [string, string[]][] = [
  ['an existing secret', EXISTING],
  ['secrets of its own', OWN],
  ['everything on', EVERYTHING],
  ['everything off', NOTHING],
];

describe.skipIf(program === undefined)('the Helm chart', () => {
  const run = program ?? '';
  let everything: Manifest[];
  beforeAll(() => {
    everything = render(run, ...EVERYTHING);
  });

  it.each(SETS)('passes helm lint --strict with %s', (_, settings) => {
    expect(lint(run, ...settings)).toMatchObject({ ok: true });
  });

  it.each(SETS)('renders what the Kubernetes API takes, with %s', (_, settings) => {
    const manifests = render(run, ...settings);
    expect(manifests.flatMap(manifestProblems)).toEqual([]);
    const names = manifests.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
    expect(new Set(names).size).toBe(names.length);
  });

  it('has a check that can fail', () => {
    const [statefulSet] = everything.filter(({ kind }) => kind === 'StatefulSet');
    expect(
      manifestProblems({ ...statefulSet!, spec: { ...(statefulSet!['spec'] as object), replica: 2 } }),
    ).not.toEqual([]);
    expect(manifestProblems({ ...statefulSet!, spec: {} })).not.toEqual([]);
  });

  it.each([
    [['--set', 'replicas=2'], /set existingSecret to a Secret with DATABASE_URL/],
    [[...EXISTING, '--set', 'replcias=2'], /replcias/],
    [[...EXISTING, '--set', 'budgets.replcias=2'], /replcias/],
    [[...EXISTING, '--set', 'journal.size=lots'], /journal/],
    [[...EXISTING, '--set', 'env.lower=1'], /lower/],
    [[...EXISTING, '--set-string', 'service.port=http'], /port/],
  ])('refuses wrong values: %j', (settings, message) => {
    expect(() => render(run, ...settings)).toThrow(message);
  });

  it('holds every pod to the restricted Pod Security Standard', () => {
    const pods = everything.flatMap(podSpecOf);
    expect(pods).toHaveLength(5);
    for (const pod of pods) {
      expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
      expect(pod.automountServiceAccountToken).toBe(false);
      // Else Kubernetes adds variables such as PARSIMONY_PORT, which the gateway refuses as unknown.
      expect(pod.enableServiceLinks).toBe(false);
      for (const container of pod.containers) {
        expect(container.securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        });
        expect(container.resources).toMatchObject({ limits: { memory: expect.any(String) } });
      }
    }
  });

  it('keeps the journal through restarts, and gives the gateway time to drain it', () => {
    const [statefulSet] = everything.filter(({ kind }) => kind === 'StatefulSet');
    expect(statefulSet!['spec']).toMatchObject({
      persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
      volumeClaimTemplates: [{ metadata: { name: 'journal' }, spec: { storageClassName: 'fast' } }],
    });
    const [pod] = podSpecOf(statefulSet!);
    const [gateway] = pod!.containers;
    const variables = Object.fromEntries((gateway!.env ?? []).map(({ name, value }) => [name, value]));
    const drain = Number(variables['PARSIMONY_DRAIN_SECONDS']) + Number(variables['PARSIMONY_DRAIN_DELAY_SECONDS']);
    expect(pod!.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(drain + 15);
    expect(gateway!['volumeMounts']).toContainEqual({ name: 'journal', mountPath: variables['PARSIMONY_HOME'] });
    expect(gateway!['readinessProbe']).toMatchObject({ httpGet: { path: '/readyz', scheme: 'HTTPS' } });
  });

  it('lets the autoscaler alone decide how many there are', () => {
    const replicas = (manifests: Manifest[]) =>
      (manifests.find(({ kind }) => kind === 'StatefulSet')!['spec'] as { replicas?: number }).replicas;
    expect(replicas(everything)).toBeUndefined();
    expect(replicas(render(run, ...EXISTING))).toBe(2);
    const scaler = everything.find(({ kind }) => kind === 'HorizontalPodAutoscaler');
    expect((scaler!['spec'] as { metrics: object[] }).metrics).toHaveLength(2);
  });

  it('migrates before gateways change, with a secret that is there by then', () => {
    for (const settings of [EXISTING, OWN]) {
      const manifests = render(run, ...settings);
      const job = manifests.find(({ kind }) => kind === 'Job');
      expect(job!.metadata.annotations).toMatchObject({ 'helm.sh/hook': 'pre-install,pre-upgrade' });
      const [pod] = podSpecOf(job!);
      expect(pod!.containers[0]?.command).toEqual(['parsimony', 'migrate']);
      const [source] = pod!.containers[0]!.envFrom as { secretRef: { name: string } }[];
      const made = manifests.find(
        ({ kind, metadata }) => kind === 'Secret' && metadata.name === source!.secretRef.name,
      );
      if (settings === EXISTING) expect(source!.secretRef.name).toBe('llm-secrets');
      else expect(made!.metadata.annotations).toMatchObject({ 'helm.sh/hook': 'pre-install,pre-upgrade' });
    }
  });

  it('says every variable that it sets as its reader knows it', () => {
    const documented = textOf('docs/configuration.md');
    for (const pod of everything.flatMap(podSpecOf))
      for (const { name } of pod.containers.flatMap(({ env = [] }) => env))
        if (name !== 'NODE_TLS_REJECT_UNAUTHORIZED') expect(documented).toContain(`\`${name}\``);
  });

  it('selects its own pods and no others', () => {
    const labels = everything
      .filter(({ kind }) => kind === 'StatefulSet' || kind === 'Deployment')
      .map(({ spec }) => (spec as Template).template.metadata.labels);
    expect(labels).toHaveLength(2);
    for (const { kind, metadata, spec } of everything) {
      const { selector, podSelector } = (spec ?? {}) as Selecting;
      const wanted = selector?.matchLabels ?? podSelector?.matchLabels ?? selector;
      if (wanted === undefined || kind === 'ServiceMonitor') continue;
      const selected = labels.filter((own) => Object.entries(wanted).every(([name, value]) => own[name] === value));
      const ofBudgets = metadata.name.endsWith('-budgets');
      expect(selected, `${kind} ${metadata.name}`).toEqual([
        expect.objectContaining({ 'app.kubernetes.io/component': ofBudgets ? 'budgets' : 'gateway' }),
      ]);
    }
  });

  it('runs the budgets service twice, for gateways and for those that are named', () => {
    const of = (wanted: string) =>
      everything.find(({ kind, metadata }) => kind === wanted && metadata.name === 'acme-parsimony-budgets');
    expect(of('Deployment')!['spec']).toMatchObject({ replicas: 2 });
    expect(of('PodDisruptionBudget')!['spec']).toMatchObject({ maxUnavailable: 1 });
    const component = (name: string) => ({
      podSelector: { matchLabels: { 'app.kubernetes.io/component': name, 'app.kubernetes.io/instance': 'acme' } },
    });
    expect(of('NetworkPolicy')!['spec']).toMatchObject({
      policyTypes: ['Ingress', 'Egress'],
      ingress: [{ from: [component('gateway'), { namespaceSelector: { matchLabels: { name: 'monitoring' } } }] }],
    });
    const gateways = everything.find(
      ({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.name === 'acme-parsimony',
    );
    expect((gateways!['spec'] as { egress: object[] }).egress).toContainEqual({
      ports: [{ port: 4001, protocol: 'TCP' }],
      to: [{ podSelector: { matchLabels: expect.objectContaining({ 'app.kubernetes.io/component': 'budgets' }) } }],
    });
  });

  it('gives the budgets service its database, its token, and no provider’s key', () => {
    const [pod] = podSpecOf(everything.find(({ kind }) => kind === 'Deployment')!);
    const [container] = pod!.containers;
    expect(container!.envFrom).toBeUndefined();
    const names = (container!.env ?? []).map(({ name }) => name);
    expect(names.toSorted()).toEqual([
      'DATABASE_URL',
      'OTEL_EXPORTER_OTLP_HEADERS',
      'OTEL_SERVICE_NAME',
      'PARSIMONY_BUDGETS_HOST',
      'PARSIMONY_BUDGETS_PORT',
      'PARSIMONY_LOG_LEVEL',
      'PARSIMONY_SERVICE_TOKEN',
    ]);
    expect(container!.command).toEqual(['node', 'apps/budgets/dist/main.js']);
  });

  it.each([
    ['made by the chart', EXISTING, 'acme-parsimony-budgets'],
    ['of a secret that is there', EVERYTHING, 'service-token'],
  ])('gives gateways and budgets service one token, %s', (_, settings, secret) => {
    const manifests = render(run, ...settings);
    const tokens = manifests
      .filter(({ kind }) => kind === 'StatefulSet' || kind === 'Deployment')
      .map((manifest) =>
        podSpecOf(manifest)[0]!.containers[0]!.env?.find(({ name }) => name === 'PARSIMONY_SERVICE_TOKEN'),
      );
    const valueFrom = { secretKeyRef: { name: secret, key: 'PARSIMONY_SERVICE_TOKEN' } };
    expect(tokens).toEqual([expect.objectContaining({ valueFrom }), expect.objectContaining({ valueFrom })]);
    const made = manifests.filter(({ kind, metadata }) => kind === 'Secret' && metadata.name === secret);
    expect(made).toHaveLength(settings === EXISTING ? 1 : 0);
    for (const { data } of made) {
      const { PARSIMONY_SERVICE_TOKEN: token = '' } = data as Record<string, string>;
      expect(Buffer.from(token, 'base64').toString()).toMatch(/^[a-zA-Z\d]{43}$/);
    }
  });

  it('tells gateways of no budgets service where there is none', () => {
    const [statefulSet] = render(run, ...NOTHING).filter(({ kind }) => kind === 'StatefulSet');
    const names = podSpecOf(statefulSet!)[0]!.containers[0]!.env?.map(({ name }) => name);
    expect(names).toContain('PARSIMONY_HOME');
    expect(names).not.toContain('PARSIMONY_BUDGETS_URL');
    expect(names).not.toContain('PARSIMONY_SERVICE_TOKEN');
  });
});

interface Labels {
  readonly [name: string]: string | undefined;
}

interface Selecting {
  readonly selector?: { readonly matchLabels?: Labels };
  readonly podSelector?: { readonly matchLabels?: Labels };
}

interface Template {
  readonly template: { readonly metadata: { readonly labels: Labels }; readonly spec: PodSpec };
}

function podSpecOf(manifest: Manifest): PodSpec[] {
  switch (manifest.kind) {
    case 'Pod':
      return [manifest['spec'] as PodSpec];
    case 'StatefulSet':
    case 'Deployment':
    case 'Job':
      return [(manifest['spec'] as Template).template.spec];
    case 'CronJob':
      return [(manifest['spec'] as { jobTemplate: { spec: Template } }).jobTemplate.spec.template.spec];
    default:
      return [];
  }
}
