import { atlas } from './atlas.ts';
import { compare } from './compare.ts';
import { devices } from './devices.ts';
import { experiments } from './experiments.ts';
import { exports } from './exports.ts';
import { felt } from './felt.ts';
import { held } from './held.ts';
import { home } from './home.ts';
import { identity } from './identity.ts';
import { imports } from './imports.ts';
import { insights } from './insights.ts';
import { lists } from './lists.ts';
import { live } from './live.ts';
import { music } from './music.ts';
import { offline } from './offline.ts';
import { phone } from './phone.ts';
import { player } from './player.ts';
import { playlists } from './playlists.ts';
import { problems } from './problems.ts';
import { recordings } from './recordings.ts';
import { refusals } from './refusals.ts';
import { renaming } from './renaming.ts';
import { repairs } from './repairs.ts';
import { run } from './run.ts';
import { runs } from './runs.ts';
import { security } from './security.ts';
import { settings } from './settings.ts';
import { sharing } from './sharing.ts';
import { shell } from './shell.ts';
import { training } from './training.ts';
import { units } from './units.ts';
import { welcome } from './welcome.ts';
import { year } from './year.ts';
import { you } from './you.ts';
import { zones } from './zones.ts';
import { workout } from './workout.ts';

export const en = {
  atlas,
  compare,
  devices,
  experiments,
  exports,
  felt,
  held,
  home,
  identity,
  imports,
  insights,
  lists,
  live,
  music,
  offline,
  phone,
  player,
  playlists,
  problems,
  recordings,
  refusals,
  renaming,
  repairs,
  run,
  runs,
  security,
  settings,
  sharing,
  shell,
  training,
  units,
  welcome,
  year,
  you,
  zones,
  workout,
};

export type Messages = typeof en;
