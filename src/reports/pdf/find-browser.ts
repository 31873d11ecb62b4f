import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'microsoft-edge'];

/**
 * A browser of the Chromium family that prints PDFs: the one that is set, else the first in PATH.
 * @returns its path; undefined when there is none, or the one that is set can not be run.
 */
export async function findBrowser(setting: string, path: string): Promise<string | undefined> {
  const places =
    setting === '' ? path.split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name))) : [setting];
  for (const place of places) if (await canRun(place)) return place;
  return undefined;
}

async function canRun(place: string): Promise<boolean> {
  return access(place, constants.X_OK).then(
    () => true,
    () => false,
  );
}
