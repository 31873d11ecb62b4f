import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync('dashboards/src/styles/tokens.css', 'utf8');

function coloursOf(theme: string): Record<string, string> {
  const block = new RegExp(`\\[data-theme='${theme}'\\] \\{([^}]*)\\}`).exec(css)![1]!;
  return Object.fromEntries(
    [...block.matchAll(/--([\w-]+): (#[0-9a-f]{6})/g)].map(([, name, value]) => [name!, value!]),
  );
}

/** WCAG 2.2 relative luminance. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const value = parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (light! + 0.05) / (dark! + 0.05);
}

describe.each(['light', 'dark'])('the %s theme', (theme) => {
  const colours = coloursOf(theme);
  const grounds = ['ground', 'panel', 'raised'];
  const texts = ['text', 'muted', 'accent', 'critical', 'high', 'medium', 'low', 'good'];

  it.each(texts.flatMap((text) => grounds.map((ground) => [text, ground])))(
    'shows %s on %s at WCAG AA',
    (text, ground) => {
      expect(contrast(colours[text]!, colours[ground]!)).toBeGreaterThanOrEqual(4.5);
    },
  );

  it.each(['critical', 'high', 'medium', 'low'])('shows the label of %s on its own ground at WCAG AA', (severity) => {
    expect(contrast(colours[severity]!, colours[`${severity}-soft`]!)).toBeGreaterThanOrEqual(4.5);
  });

  it('shows the main button at WCAG AA', () => {
    expect(contrast(colours['on-accent']!, colours['accent']!)).toBeGreaterThanOrEqual(4.5);
  });
});
