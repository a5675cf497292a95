import { describe, expect, it } from 'vitest';
import { cpuLines, judgeProtocols } from './judge-protocols.js';
import type { Sample } from './measure-cpu.js';
import { PROTOCOLS, requestBody } from './request-body.js';
import { variantsFor, type Variant } from './variant.js';

const VARIANTS = variantsFor('psk_test');

describe('variants', () => {
  it('are every protocol to every provider, whole and streamed, half of them across', () => {
    expect(VARIANTS).toHaveLength(12);
    expect(new Set(VARIANTS.map(({ name }) => name)).size).toBe(12);
    expect(VARIANTS.filter(({ same }) => same).map(({ protocol, provider }) => `${protocol} ${provider}`)).toEqual([
      ...['chat openai', 'chat openai', 'messages anthropic', 'messages anthropic', 'responses openai'],
      'responses openai',
    ]);
  });

  it('say the same words in some 2 kB', () => {
    for (const protocol of PROTOCOLS) {
      const body = requestBody(protocol, 'm', true);
      expect(Buffer.byteLength(body)).toBeGreaterThan(1_800);
      expect(Buffer.byteLength(body)).toBeLessThan(3_000);
      expect(JSON.parse(body)).toMatchObject({ model: 'm', stream: true });
      for (const word of ['railway', 'Омска', '068Ы', 'bicycle each', 'luggage_rules']) expect(body).toContain(word);
    }
    expect(JSON.parse(requestBody('chat', 'm', false))).not.toHaveProperty('stream');
  });
});

describe('judging', () => {
  const round = (cost: (variant: Variant) => number, failed = 0): Sample[] =>
    [1, 2, 1.5].flatMap((drift, index) =>
      VARIANTS.map((variant) => ({ variant, round: index, cpu: cost(variant) * drift, failed })),
    );
  const missed = (samples: readonly Sample[]) =>
    judgeProtocols(samples)
      .filter(({ met }) => !met)
      .map(({ what }) => what.replace(/^CPU of (\w+) .*, (whole|streamed), .*/, '$1 $2'));

  it('meets its targets at half as much again', () =>
    expect(missed(round(({ same }) => (same ? 100 : 149)))).toEqual([]));

  it('judges each protocol, whole and streamed, by itself', () => {
    const dear = ({ same, protocol, stream }: Variant) => (!same && protocol === 'messages' && stream ? 151 : 100);
    expect(missed(round(dear))).toEqual(['messages streamed']);
  });

  it('does not meet what was not measured', () =>
    expect(missed(round(() => 100).filter(({ variant }) => variant.protocol !== 'responses'))).toEqual([
      'responses whole',
      'responses streamed',
    ]));

  it('counts failed calls', () => expect(missed(round(() => 100, 1))).toEqual(['failed calls']));

  it('shows each variant’s spread', () => {
    const lines = cpuLines(round(() => 100));
    expect(lines).toHaveLength(12);
    expect(lines[0]).toMatch(/^chat→openai, whole +150 µs \(100–200\)$/);
  });
});
