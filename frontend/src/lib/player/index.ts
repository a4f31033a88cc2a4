/** The one player of this page. */

import { t } from '#lib/i18n/index.ts';
import { api } from '#lib/session.svelte.ts';
import { toasts } from '#lib/ui/toasts.svelte.ts';
import { Player } from './player.svelte.ts';
import { TrackRegister } from './tracks.ts';

export const player = new Player(new TrackRegister(api));
player.onUnplayable = ({ title }) => toasts.show(t.player.unplayable(title), { tone: 'problem' });
