export interface PosturePoint {
  /** ms since the Unix epoch. */
  at: number;
  score: number;
  lowest: number;
}

/** What a score is called for: its colour says whether to look now. */
export function moodOf(score: number): 'good' | 'medium' | 'high' | 'critical' {
  if (score >= 80) return 'good';
  if (score >= 60) return 'medium';
  return score >= 40 ? 'high' : 'critical';
}

/**
 * The line of a trend in a box of `width` × `height`: time to the right, the score upwards. The scale has room for at least
 * ten points, so that a calm day is a calm line.
 */
export function trendLine(points: readonly PosturePoint[], width: number, height: number): string {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined || first === last) return '';
  const scores = points.map(({ score }) => score);
  const top = Math.min(100, Math.max(...scores, Math.min(...scores) + 10));
  const bottom = Math.max(0, Math.min(...scores, top - 10));
  const x = (at: number): number => ((at - first.at) / (last.at - first.at)) * width;
  const y = (score: number): number => height - ((score - bottom) / (top - bottom)) * height;
  return points.map(({ at, score }, n) => `${n === 0 ? 'M' : 'L'}${x(at).toFixed(1)} ${y(score).toFixed(1)}`).join('');
}

/** +2.1 or −3 or ±0 */
export function signed(change: number): string {
  const rounded = Math.round(change * 10) / 10;
  if (rounded === 0) return '±0';
  return `${rounded > 0 ? '+' : '−'}${Math.abs(rounded)}`;
}
