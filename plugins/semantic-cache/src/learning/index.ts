export { BackgroundQueue } from './background-queue.js';
export { LEARNING_MIGRATION } from './migration.js';
export { SharedLearning } from './shared-learning.js';
export { QualityCounters } from './quality-counters.js';
export { qualityFigures } from './quality-figures.js';
