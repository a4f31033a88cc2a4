/** Running to a list of songs with BeatRunner's own player. */

import { goto } from '$app/navigation';
import { t } from '#lib/i18n/index.ts';
import { player } from '#lib/player/index.ts';
import type { Named } from '#lib/player/naming.ts';
import { session } from '#lib/session.svelte.ts';
import { toasts } from '#lib/ui/toasts.svelte.ts';

const words = t.playlists;

/** Queue those of the songs that are in this browser, and go to the workout page. */
export async function runTo(songs: readonly Named[], isByChance = false): Promise<void> {
  if (!session.profile) return;
  try {
    await player.enter(session.profile.id);
  } catch (error) {
    toasts.showProblem(error);
    return;
  }
  const [found, all] = [player.arrange(songs, isByChance), songs.length];
  if (found === 0) {
    const action = { label: words.toWorkout, href: '/workout' };
    toasts.show(words.playNone, { tone: 'problem', action });
    return;
  }
  toasts.show(found === all ? words.playAll(all) : words.playSome(found, all));
  await goto('/workout');
}
