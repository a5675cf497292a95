import { Histogram, type Registry } from 'prom-client';
import { BucketSums } from '../bucket-sums.js';

type Labels = Readonly<Record<string, string>>;

export interface SummedHistogramOptions {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
  /** Inclusive upper bounds, ascending. */
  readonly bounds: readonly number[];
  readonly registry: Registry;
}

interface Series {
  readonly labels: Labels;
  readonly sums: BucketSums;
}

interface Sample {
  readonly metricName: string;
  readonly labels: Record<string, string | number>;
  readonly sharedLabels: Labels;
  readonly value: number;
}

/** prom-client's histogram over plain sums: its own `observe` sorts and joins the labels anew for each value. */
export class SummedHistogram extends Histogram {
  readonly #options: SummedHistogramOptions;
  readonly #series = new Map<string, Series>();

  constructor(options: SummedHistogramOptions) {
    const { name, help, labelNames, bounds, registry } = options;
    super({ name, help, labelNames: [...labelNames], buckets: [...bounds], registers: [registry] });
    this.#options = options;
  }

  /** The sums of one label set, to be kept: the same for the same labels. */
  sumsOf(labels: Labels): BucketSums {
    const { labelNames, bounds } = this.#options;
    const key = JSON.stringify(labelNames.map((name) => labels[name]));
    const known = this.#series.get(key);
    if (known) return known.sums;
    const sums = new BucketSums(bounds);
    this.#series.set(key, { labels, sums });
    return sums;
  }

  /** What the registry asks for and what `get` is made of; prom-client does not declare it. */
  async getForPromString(): Promise<object> {
    const { name, help } = this.#options;
    const values = [...this.#series.values()].flatMap((series) => this.#samples(series));
    return { name, help, type: 'histogram', aggregator: 'sum', values };
  }

  #samples({ labels: sharedLabels, sums }: Series): Sample[] {
    const { name, bounds } = this.#options;
    let upTo = 0;
    const buckets = [...bounds, '+Inf'].map((le, index): Sample => {
      upTo += sums.counts[index] ?? 0;
      return { metricName: `${name}_bucket`, labels: { le }, sharedLabels, value: upTo };
    });
    const total = (part: 'sum' | 'count'): Sample => {
      return { metricName: `${name}_${part}`, labels: {}, sharedLabels, value: sums[part] };
    };
    return [...buckets, total('sum'), total('count')];
  }
}
