import {
  EXCHANGE_PATH,
  exchangeAnswer,
  type ExchangeAnswer,
  type LeaseAnswer,
  type LeaseRequest,
} from '@parsimony/leases';

type Lent = Extract<LeaseAnswer, { state: 'lent' }>;

/** A gateway as the service sees it: it says over HTTP what a spec lets it say, whether that makes sense or not. */
export class TestHolder {
  sequence = 0;

  constructor(
    private readonly url: string,
    private readonly token: string,
    readonly id: string,
  ) {}

  async exchange(leases: readonly LeaseRequest[], sequence: number = ++this.sequence): Promise<ExchangeAnswer> {
    const response = await fetch(this.url + EXCHANGE_PATH, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ holder: this.id, sequence, leases }, (_name, value: unknown) =>
        typeof value === 'bigint' ? value.toString() : value,
      ),
    });
    if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
    return exchangeAnswer.parse(await response.json());
  }

  /** @throws where the answer is not "lent". */
  async lent(lease: LeaseRequest): Promise<Lent> {
    const [answer] = (await this.exchange([lease])).leases;
    if (answer?.state !== 'lent') throw new Error(`answered with ${answer?.state}`);
    return answer;
  }

  async state(lease: LeaseRequest, sequence?: number): Promise<string | undefined> {
    return (await this.exchange([lease], sequence)).leases[0]?.state;
  }
}
