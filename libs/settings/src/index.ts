export { ConfigurationError, readSettings } from './read-settings.ts';
export type { Environment, ReadSettingsOptions } from './read-settings.ts';
