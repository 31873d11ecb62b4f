import type { Page } from 'playwright-core';

/** What a page holds, after its garbage was collected. */
export interface PageUsage {
  heapMb: number;
  nodes: number;
  listeners: number;
}

export async function usageOf(page: Page): Promise<PageUsage> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.enable');
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  const { nodes, jsEventListeners } = await session.send('Memory.getDOMCounters');
  await session.detach();
  return { heapMb: usedSize / 1e6, nodes, listeners: jsEventListeners };
}

/** Times between frames, ms, to the millisecond. */
export interface FrameTimes {
  frames: number;
  p50: number;
  p99: number;
  max: number;
  /** Frames that took longer than 50 ms. */
  over50: number;
}

/** Begins to measure how long each frame takes. The page keeps counts only, so that measuring does not fill its heap. */
export async function watchFrames(page: Page): Promise<void> {
  await page.evaluate(`(() => {
    const counts = (window.frameCounts = new Uint32Array(10_000));
    let last = performance.now();
    const frame = (now) => {
      counts[Math.min(counts.length - 1, Math.round(now - last))]++;
      last = now;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  })()`);
}

/** Of the frames since watchFrames. */
export async function frameTimes(page: Page): Promise<FrameTimes> {
  const counts = await page.evaluate<number[]>('Array.from(window.frameCounts)');
  const frames = counts.reduce((sum, count) => sum + count, 0);
  const at = (share: number): number => {
    let seen = 0;
    return counts.findIndex((count) => (seen += count) >= share * frames);
  };
  const over50 = counts.slice(51).reduce((sum, count) => sum + count, 0);
  return { frames, p50: at(0.5), p99: at(0.99), max: counts.findLastIndex((count) => count > 0), over50 };
}
