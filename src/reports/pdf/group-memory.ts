import { readdir, readFile } from 'node:fs/promises';

const PAGE_BYTES = 4_096;

/** Memory of a process group, bytes, with a share of what its processes share; 0 where the system does not say (no /proc). */
export async function memoryOfGroup(group: number): Promise<number> {
  const entries = await readdir('/proc').catch(() => []);
  const sizes = await Promise.all(entries.filter((name) => /^\d+$/.test(name)).map((pid) => sizeIn(pid, group)));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function sizeIn(pid: string, group: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // Its name may have blanks and brackets in it: fields are counted from behind it. The group is the 5th, pages the 24th.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (Number(fields[2]) !== group) return 0;
  const shares = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  const kiB = /^Pss:\s+(\d+) kB$/m.exec(shares)?.[1];
  return kiB === undefined ? Number(fields[21]) * PAGE_BYTES : Number(kiB) * 1_024;
}
