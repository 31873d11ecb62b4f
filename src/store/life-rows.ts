import type { AssetLevel } from '../event/event.ts';
import type { Disposition, LifeAct, LifeEvent } from '../finding/lifecycle.ts';
import { timeOf, timeText } from './finding-rows.ts';

/** A row of the table `triage`. */
export interface LifeRow {
  id: string;
  finding: string;
  act: LifeAct;
  at: string;
  by: string;
  revision: number;
  alert: boolean;
  score: number;
  asset_level: AssetLevel;
  assignee: string;
  disposition: Disposition | '';
  text: string;
  /** '' when it undoes nothing. */
  undoes: string;
}

export function rowOfLife({ at, assetLevel, undoes = '', ...same }: LifeEvent): LifeRow {
  return { ...same, undoes, at: timeText(at), asset_level: assetLevel };
}

export function lifeOfRow({ at, asset_level, undoes, ...same }: LifeRow): LifeEvent {
  return { ...same, ...(undoes === '' ? {} : { undoes }), at: timeOf(at), assetLevel: asset_level };
}
