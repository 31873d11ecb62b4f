import { accessed } from '../acts.ts';
import { FIELDS, holdsOn } from '../grants.ts';
import type { Plot } from '../scene.ts';

/** A grant is in force, and more is taken than it gives: more rows, other columns, or a copy to keep. */
export const accessOverGrant: Plot = {
  name: 'access-over-grant',
  workdays: true,
  stage(scene, difficulty) {
    const { random } = scene;
    const days = scene.workdays(difficulty === 'slow' ? 6 : 1, 3);
    const grant = scene.take(
      scene.world.grants,
      ({ id }) => `grant ${id}`,
      (one) => one.users.length > 0 && days.every((day) => holdsOn(one, day)),
    );
    if (grant === undefined) return undefined;
    const actor = random.pick(grant.users);
    const base = { actor, asset: grant.asset, purpose: grant.purpose };
    const wanted = FIELDS.filter((field) => !grant.fields.includes(field));
    const extra = random.pick(['fields', 'rows', 'copy'] as const);
    for (const day of days) {
      const first = scene.at(9, 11, day);
      if (extra === 'fields')
        for (const atMs of scene.spread(first, difficulty === 'blatant' ? 12 : 2, 10_800_000))
          scene.say(
            accessed({
              ...base,
              atMs,
              rows: grant.usualRows,
              fields: [...grant.fields.slice(0, 2), ...random.sample(wanted, difficulty === 'blatant' ? 4 : 1)],
            }),
          );
      if (extra === 'copy')
        scene.say(
          accessed({
            ...base,
            atMs: first,
            rows: grant.usualRows * (difficulty === 'blatant' ? 30 : 1),
            action: random.pick(['export', 'download']),
          }),
        );
      if (extra === 'rows') {
        const times = {
          blatant: random.between(4, 10),
          careful: random.between(1.3, 2),
          slow: random.between(1.1, 1.4),
        }[difficulty];
        const pieces = { blatant: 6, careful: 20, slow: 25 }[difficulty];
        for (const atMs of scene.spread(first, pieces, 21_600_000))
          scene.say(
            accessed({
              ...base,
              atMs,
              rows: Math.ceil((grant.rowsPerDay * times) / pieces),
              fields: grant.fields.slice(0, 3),
            }),
          );
      }
    }
    return {
      department: actor.department,
      actor: actor.id,
      why: {
        zh: { fields: '读取授权之外的字段', rows: '超出授权数量', copy: '授权只许查询却导出留存' }[extra],
        en: {
          fields: 'reads columns that the grant does not name',
          rows: 'takes more than the grant allows',
          copy: 'keeps a copy though the grant is for look-ups',
        }[extra],
      },
    };
  },
};
