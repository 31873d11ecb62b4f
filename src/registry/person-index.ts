import { InForce } from './in-force.ts';
import type { Account, Person } from './registry.ts';
import { addTo, validAt } from './versions.ts';

/** Persons by id; one without an entry of its own is made up from the accounts that name it. */
export class PersonIndex {
  readonly #persons = new Map<string, Person[]>();
  readonly #accounts = new InForce<Account>(({ validFrom, validTo }) => ({ from: validFrom, to: validTo }));

  constructor(persons: readonly Person[], accounts: readonly Account[]) {
    for (const person of persons) addTo(this.#persons, person.id, person);
    const entered = new Set(this.#persons.keys());
    for (const account of accounts) {
      if (account.person === '') continue;
      this.#accounts.add(account.person, account);
      if (!entered.has(account.person)) addTo(this.#persons, account.person, personOf(account));
    }
  }

  at(id: string, at: number): Person | undefined {
    return validAt(this.#persons.get(id), at);
  }

  accounts(person: string, at: number): readonly Account[] {
    return this.#accounts.at(person, at);
  }
}

function personOf({ person, personName, department, vendor, validFrom, validTo }: Account): Person {
  const name = personName === '' ? person : personName;
  return { id: person, name: { zh: name, en: name }, department, vendor, validFrom, validTo };
}
