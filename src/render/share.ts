/** Shares of traffic as people say them. */

/** Weights in the kernel are multiples of 1/2^31, so a third is never exactly 1/3. */
const SAME_SHARE = 1e-8;

/** Beyond, every small share is near some 1/n. */
const MOST_PARTS = 1000;

/** `1/3` where the share is one part of n, else a percentage. */
export function formatShare(share: number): string {
  if (share <= 0) return '0%';
  const parts = Math.round(1 / share);
  if (parts <= MOST_PARTS && Math.abs(share - 1 / parts) < SAME_SHARE)
    return parts === 1 ? '100%' : `1/${parts}`;
  const percent = share * 100;
  if (percent < 0.1) return '<0.1%';
  if (percent > 99.9) return '>99.9%';
  return `${Number(percent.toFixed(1))}%`;
}
