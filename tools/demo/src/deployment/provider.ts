import type { BillReport, Meaning, SettingsPatch } from '@parsimony/simulator';

/** The simulated provider's own addresses. */
export class Provider {
  constructor(private readonly url: string) {}

  async configure(patch: SettingsPatch): Promise<void> {
    await this.#ask('/simulator/config', { method: 'POST', body: JSON.stringify(patch) });
  }

  /** Makes known which questions mean the same, and so have one answer. */
  async teach(meanings: readonly Meaning[]): Promise<void> {
    await this.#ask('/simulator/meanings', { method: 'POST', body: JSON.stringify({ meanings }) });
  }

  async bill(): Promise<BillReport> {
    return (await this.#ask('/simulator/bill')) as BillReport;
  }

  /** Begins a new bill. @returns the old one. */
  async closeBill(): Promise<BillReport> {
    return (await this.#ask('/simulator/bill', { method: 'DELETE' })) as BillReport;
  }

  async #ask(path: string, init: RequestInit = {}): Promise<unknown> {
    const headers = init.body === undefined ? {} : { 'content-type': 'application/json' };
    const response = await fetch(`${this.url}${path}`, { ...init, headers });
    if (!response.ok) throw new Error(`the simulator answered ${response.status}: ${await response.text()}`);
    return response.json();
  }
}
