/** Suite `kube-proxy`: which endpoint kube-proxy's rules choose for a first packet, and whether it is masqueraded. */
import { readCases } from '../cases-file.ts';
import type { Suite } from '../suite.ts';
import { casesFile } from './kube-proxy-format.ts';

/** The project's own cases, from the folder where npm runs scripts. */
const DEFAULT_CASES = 'test/conformance/kube-proxy-cases.json';

export const kubeProxy: Suite = {
  name: 'kube-proxy',
  summary: 'packets through the rules of kube-proxy, against the facts of its own tests',
  options: {},
  run({ cases }) {
    readCases(cases ?? DEFAULT_CASES, casesFile);
  },
};
