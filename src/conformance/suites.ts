/** The suites. One more is one file and one line here. */
import type { Suite } from './suite.ts';
import { batfish } from './suites/batfish.ts';
import { kernel } from './suites/kernel.ts';
import { kubeProxy } from './suites/kube-proxy.ts';
import { maxPods } from './suites/max-pods.ts';

export const suites: readonly Suite[] = [kubeProxy, kernel, maxPods, batfish];
