import type { BillReport, SettingsPatch } from '@parsimony/simulator';

/** The simulated provider's own addresses. */
export class Provider {
  constructor(private readonly url: string) {}

  async configure(patch: SettingsPatch): Promise<void> {
    await this.#ask('/simulator/config', { method: 'POST', body: JSON.stringify(patch) });
  }

  async bill(): Promise<BillReport> {
    return (await this.#ask('/simulator/bill')) as BillReport;
  }

  async #ask(path: string, init: RequestInit = {}): Promise<unknown> {
    const response = await fetch(`${this.url}${path}`, { ...init, headers: { 'content-type': 'application/json' } });
    if (!response.ok) throw new Error(`the simulator answered ${response.status}: ${await response.text()}`);
    return response.json();
  }
}
