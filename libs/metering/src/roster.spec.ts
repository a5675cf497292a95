import { expect, it } from 'vitest';
import { Roster, type RosterEntry } from './roster.js';

it('keeps who came and has not gone, as a set would', () => {
  const roster = new Roster<RosterEntry>();
  const model = new Set<RosterEntry>();
  const entries = Array.from({ length: 50 }, () => ({ rosterIndex: -1 }));
  let state = 1;
  for (let step = 0; step < 5000; step++) {
    state = (state * 48_271) % 2_147_483_647;
    const entry = entries[state % entries.length];
    if (!entry) throw new Error('no such entry');
    if (state % 7 < 4) {
      roster.add(entry);
      model.add(entry);
    } else {
      roster.remove(entry);
      model.delete(entry);
    }
    expect(roster.size).toBe(model.size);
    expect(new Set(roster.all())).toEqual(model);
    expect(entry.rosterIndex === -1).toBe(!model.has(entry));
  }
});
