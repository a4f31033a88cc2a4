/** Between player and workout: tells the server what plays, and plays what the server chooses. */

import type { LiveWorkout } from '#lib/live/workout.svelte.ts';
import type { Player } from '#lib/player/player.svelte.ts';

const EVERY_MS = 5000;

/** Begin; the returned function ends it. `onError` hears when songs could not be introduced. */
export function converse(
  workout: LiveWorkout,
  player: Player,
  onError: (error: unknown) => void,
): () => void {
  let hasQueue = false;

  const tellSong = () => {
    const song = player.report();
    if (song && workout.isInControl) workout.tellSong(song);
  };
  const tellQueue = async () => {
    hasQueue = false;
    // Another page leads, and its music is what counts.
    if (!workout.isInControl) return;
    try {
      const songs = await player.reportQueue();
      hasQueue = workout.tellQueue(songs);
      tellSong();
    } catch (error) {
      onError(error);
    }
  };

  player.onSound = tellSong;
  player.onQueue = () => void tellQueue();
  workout.onEnter = () => void tellQueue();
  workout.onChoose = (trackId) => player.choose(trackId);
  const timer = setInterval(() => {
    // What went wrong before is tried again.
    if (!hasQueue) void tellQueue();
    else if (player.isPlaying) tellSong();
  }, EVERY_MS);

  return () => {
    clearInterval(timer);
    player.onSound = player.onQueue = () => undefined;
    workout.onEnter = workout.onChoose = () => undefined;
  };
}
