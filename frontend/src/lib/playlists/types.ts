/** Playlists as they travel over HTTP. */

import type { components } from '#lib/api/schema.d.ts';

type Schemas = components['schemas'];

export type Playlist = Schemas['Playlist'];
export type PlaylistNote = Schemas['PlaylistNote'];
export type PlaylistPage = Schemas['PlaylistPage'];
export type PlaylistSong = Schemas['PlaylistSong'];
export type PlaylistStretch = Schemas['PlaylistStretch'];
export type PlaylistSummary = Schemas['PlaylistSummary'];
export type NewPlaylist = Schemas['NewPlaylist'];
export type Suggestion = Schemas['Suggestion'];
export type Target = NewPlaylist['target'];
export type TargetKind = Target['kind'];

export const TARGET_KINDS: TargetKind[] = ['cadence', 'pace', 'zone', 'plan'];
export const EXPORTS = ['spotify', 'm3u', 'csv'] as const;
export type ExportFormat = (typeof EXPORTS)[number];
