import { readdir, readFile } from 'node:fs/promises';

const PAGE_BYTES = 4_096;

/** Resident memory of a process group, bytes, shared pages counted for each; 0 where the system does not say (no /proc). */
export async function memoryOfGroup(group: number): Promise<number> {
  const entries = await readdir('/proc').catch(() => []);
  const sizes = await Promise.all(entries.filter((name) => /^\d+$/.test(name)).map((pid) => sizeIn(pid, group)));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function sizeIn(pid: string, group: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // Its name may have blanks and brackets in it: fields are counted from behind it. The group is the 5th, pages the 24th.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return Number(fields[2]) === group ? Number(fields[21]) * PAGE_BYTES : 0;
}
