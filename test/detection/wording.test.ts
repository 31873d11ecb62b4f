import { describe, expect, it } from 'vitest';
import { actorNamed, amount, byteSize, duration } from '../../src/detection/wording.ts';
import { registryFrom } from '../../src/registry/registry-from.ts';
import { eventAt } from './judge.ts';

describe('how explanations name', () => {
  const registry = registryFrom({ departments: [{ id: 'civil', name: { zh: '民政局', en: 'Civil Affairs Bureau' } }] });
  const named = (account: string, actor: string, department = 'civil') =>
    actorNamed(eventAt('2026-11-20T12:00', { account, actor, department }), registry);

  it('somebody by the login that logs show, and by the registry’s id where that does not tell it', () => {
    expect(named('wangfang', 'acc-wangfang')).toEqual({
      ...{ zh: '民政局 acc-wangfang', en: 'acc-wangfang of Civil Affairs Bureau' },
    });
    expect(named('CORP\\WangFang', 'u-001')).toEqual({
      ...{ zh: '民政局 wangfang（u-001）', en: 'wangfang (u-001) of Civil Affairs Bureau' },
    });
    expect(named('root', 'root@web01', '').zh).toBe('root@web01');
    expect(named('ghost', '', '').zh).toBe('ghost');
  });

  it('amounts, sizes and times with their units', () => {
    expect([0.126, 9.5, 12.4, 999, 48_200, 1_234_567].map(amount)).toEqual([
      ...['0.13', '9.5', '12', '999', '48,200', '1,234,567'],
    ]);
    expect([512, 1536, 209_715_200].map(byteSize)).toEqual(['512 B', '1.5 KiB', '200 MiB']);
    expect([45_000, 600_000, 3_600_000, 86_400_000, 1_728_000_000].map((ms) => duration(ms).zh)).toEqual([
      ...['45 秒', '10 分钟', '1 小时', '24 小时', '20 天'],
    ]);
  });
});
