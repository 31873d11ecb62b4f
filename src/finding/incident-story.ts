import type { Correlation } from './correlations.ts';
import { severityOf, type Bilingual } from './finding.ts';
import { levelRank } from './group.ts';
import { jointScore, type Incident, type IncidentStep } from './incident.ts';

/** The incident that these steps make, as it is told; `alert` is the caller's to decide. */
export function incidentOf(
  correlation: Correlation,
  steps: readonly IncidentStep[],
  fact: Bilingual | undefined,
  known: Pick<Incident, 'id' | 'revision' | 'link' | 'linkedBy' | 'causedAt'>,
): Incident {
  const score = jointScore(steps.map((step) => step.score));
  const stated = (field: 'actor' | 'department' | 'vendor' | 'asset' | 'system'): string =>
    steps.findLast((step) => step[field] !== '')?.[field] ?? '';
  return {
    ...known,
    alert: false,
    correlation: correlation.name,
    title: correlation.title,
    explanation: explanationOf(correlation, steps, fact),
    severity: severityOf(score),
    score,
    actor: stated('actor'),
    department: stated('department'),
    vendor: stated('vendor'),
    asset: stated('asset'),
    system: stated('system'),
    assetLevel: steps.reduce((best, step) => (levelRank(step.assetLevel) > levelRank(best) ? step.assetLevel : best), steps[0]!.assetLevel), // prettier-ignore
    firstTime: Math.min(...steps.map(({ firstTime }) => firstTime)),
    lastTime: Math.max(...steps.map(({ lastTime }) => lastTime)),
    steps,
  };
}

const MOST_NAMED = 5;

/** One sentence: the story, then each step by its title and what it is about. */
function explanationOf(
  { between }: Correlation,
  steps: readonly IncidentStep[],
  fact: Bilingual | undefined,
): Bilingual {
  const named = steps.slice(0, MOST_NAMED).map((step, n) => {
    const about = [step.actor, step.asset].filter(Boolean).join(' → ') || step.system || step.clientAddress;
    return {
      zh: `${n + 1}）${step.title.zh}${about === '' ? '' : `（${about}）`}`,
      en: `${n + 1}) ${step.title.en}${about === '' ? '' : ` (${about})`}`,
    };
  });
  const more = steps.length - named.length;
  const because = fact ?? { zh: '', en: '' };
  return {
    zh: `${between.zh}：${because.zh === '' ? '' : `${because.zh}；`}${named.map(({ zh }) => zh).join('；')}${more > 0 ? `；另有 ${more} 项` : ''}。`,
    en: `${capital(between.en)}: ${because.en === '' ? '' : `${because.en}; `}${named.map(({ en }) => en).join('; ')}${more > 0 ? `; and ${more} more` : ''}.`,
  };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
