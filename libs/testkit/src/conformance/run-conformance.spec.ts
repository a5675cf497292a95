import { definePlugin } from '@parsimony/contract';
import type { Layer } from '@parsimony/contract';
import { afterAll, describe, expect, it } from 'vitest';
import { FAULTY, leaked } from '../../test/faulty-plugins.js';
import {
  aPlugin,
  caching,
  fieldsOf,
  handsOn,
  observing,
  refuseForbidden,
  sharing,
  subjectOf,
  withLayer,
} from '../../test/sample-plugins.js';
import { describePluginConformance } from '../vitest.js';
import { CONFORMANCE_CHECKS, checksFor, runConformance } from './run-conformance.js';
import type { ConformanceSubject } from './subject.js';

afterAll(() => leaked.forEach((timer) => clearInterval(timer)));

describe('a faulty plugin fails the check of its fault, and no other', () => {
  it.each(Object.entries(FAULTY))('%s', async (check, faulty) => {
    const findings = await runConformance(faulty());
    expect(findings.map((finding) => finding.check)).toEqual([check]);
    expect(findings[0]?.error).toBeInstanceOf(Error);
  });

  it('exists for every check', () => {
    expect(Object.keys(FAULTY).toSorted()).toEqual(CONFORMANCE_CHECKS.map(({ name }) => name).toSorted());
  });
});

describe('checksFor', () => {
  it('asks nothing of a layer where there is none', async () => {
    const { layer: _, stage: __, ...declaration } = aPlugin();
    const names = checksFor(subjectOf(definePlugin(declaration))).map(({ name }) => name);
    expect(names).toContain('refuses a configuration field that it does not know');
    expect(names).not.toContain('never calls next after an event has left');
    expect(await runConformance(subjectOf(definePlugin(declaration)))).toEqual([]);
  });

  it('asks a replacing layer for no unchanged events, and an observing one for no reply of next itself', () => {
    const unchanged = 'gives events on unchanged and in order';
    const itself = /^returns the reply of next itself/;
    const namesFor = (treatment: 'hands-on' | 'observes' | 'replaces') =>
      checksFor(subjectOf(aPlugin(), treatment)).map(({ name }) => name);
    expect(namesFor('replaces')).not.toContain(unchanged);
    expect(namesFor('observes')).toContain(unchanged);
    expect(namesFor('observes').filter((name) => itself.test(name))).toEqual([]);
    expect(namesFor('hands-on').filter((name) => itself.test(name))).toHaveLength(1);
  });
});

describe('a plugin that stands in several stages', () => {
  const { layer: _, stage: __, ...fields } = fieldsOf();
  const severalStages = (first: Layer, second: Layer): ConformanceSubject => {
    const layers = [
      { stage: 'exact-cache', layer: () => first },
      { stage: 'semantic-cache', layer: () => second },
    ] as const;
    return subjectOf(definePlugin({ ...fields, layers }));
  };

  it('is held to the checks of a layer in each of them', async () => {
    const subject = severalStages(handsOn, handsOn);
    const names = checksFor(subject).map(({ name }) => name);
    expect(names).toContain('never calls next after an event has left (stage exact-cache)');
    expect(names).toContain('never calls next after an event has left (stage semantic-cache)');
    expect(names.filter((name) => name.startsWith('bears a name'))).toHaveLength(1);
    expect(await runConformance(subject)).toEqual([]);
  });

  it('is told in which stage it breaks one', async () => {
    const forgetful: Layer = (call, next) => {
      refuseForbidden(call.tags);
      return next({ ...call, decisions: [] });
    };
    const findings = await runConformance(severalStages(handsOn, forgetful));
    expect(findings.map(({ check }) => check)).toEqual([
      'keeps the identity, the caller and the earlier decisions of the call (stage semantic-cache)',
    ]);
  });
});

describePluginConformance(withLayer(sharing(), 'replaces', 'exact-cache'));
describePluginConformance(subjectOf(aPlugin({ name: 'hands-on' })));
describePluginConformance(withLayer(observing, 'observes'));
describePluginConformance(
  subjectOf(
    aPlugin({
      name: 'cache',
      stage: 'exact-cache',
      layer: () => {
        const cached = caching(new Map(), (tenantId, body) => `${tenantId} ${body}`);
        return (call, next, scope) => {
          refuseForbidden(call.tags);
          return cached(call, next, scope);
        };
      },
    }),
    'replaces',
  ),
);
