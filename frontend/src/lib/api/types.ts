/** The values that travel over HTTP, by the names used here. Made from openapi.json. */

import type { components } from './schema.d.ts';

type Schemas = components['schemas'];

export type Account = Schemas['AccountAnswer'];
export type AccountExport = Schemas['AccountExport'];
export type Activity = Schemas['Activity'];
export type ActivityPage = Schemas['ActivityPage'];
export type ActivitySummary = Schemas['ActivitySummary'];
export type ActivityInsights = Schemas['ActivityInsights'];
export type Answer = Schemas['Answer'];
export type AuthState = Schemas['AuthState'];
export type ConsentList = Schemas['ConsentList'];
export type Day = Schemas['Day'];
export type DemoSession = Schemas['DemoAnswer'];
export type Device = Schemas['Device'];
export type DeviceList = Schemas['Devices'];
export type Effects = Schemas['EffectsOut'];
export type EncodedStreams = Schemas['StreamsAnswer'];
export type Erasure = Schemas['ErasureAnswer'];
export type Estimate = Schemas['EstimateAnswer'];
export type Experiment = Schemas['ExperimentOut'];
export type ExperimentProposal = Schemas['ProposalOut'];
export type Felt = NonNullable<Schemas['Told']['felt']>;
export type FeltRun = Schemas['FeltRun'];
export type GaitLines = Schemas['GaitLines'];
export type GroupPage = Schemas['GroupPageAnswer'];
export type Going = Schemas['GoingAnswer'];
export type HomeAccess = Schemas['HomeAccess'];
export type Health = Schemas['Health'];
export type Home = Schemas['Home'];
export type Import = Schemas['Import'];
export type ImportFile = Schemas['ImportFile'];
export type ImportOutcome = Schemas['Outcome'];
export type Insights = Schemas['Insights'];
export type Lap = Schemas['Lap'];
export type ListedTrack = Schemas['ListedTrackAnswer'];
export type Listen = Schemas['NearbyListen'];
export type MusicGroup = Schemas['GroupAnswer'];
export type NextExperiment = Schemas['NextExperiment'];
export type Policies = Schemas['PolicyAnswer'];
export type Recording = Schemas['Recording'];
export type UndoPreview = Schemas['UndoPreview'];
export type NewShareLink = Schemas['NewShareLink'];
export type PairingCode = Schemas['PairingCodeAnswer'];
export type PhoneTicket = Schemas['PhoneTicket'];
export type Profile = Schemas['Profile'];
export type ProfileChange = Schemas['ProfileChanges'];
export type ResponseName = Schemas['Answer']['response'];
export type Retention = Schemas['RetentionAnswer'];
export type RunnerProfile = Schemas['RunnerProfileAnswer'];
export type RunnerTold = Schemas['RunnerFields'];
export type Satisfaction = Schemas['Satisfaction'];
export type Session = Schemas['SessionAnswer'];
export type PrivacyZone = Schemas['Zone'];
export type PrivacyZones = Schemas['Zones'];
export type FoundZone = Schemas['FoundZone'];
export type SharedRun = Schemas['SharedRun'];
export type ShareLink = Schemas['ShareLink'];
export type SimilarRuns = Schemas['SimilarRuns'];
export type SourcePolicy = Schemas['SourcePolicyAnswer'];
export type SongEffect = Schemas['TrackOut'];
export type OffsetSuggestion = Schemas['OffsetSuggestion'];
export type Soundtrack = Schemas['Soundtrack'];
export type Span = Schemas['Span'];
export type ToldPlay = Schemas['PlayAnswer'];
export type ToldPlays = Schemas['PlayPageAnswer'];
export type ToldWord = Schemas['WordAnswer'];
export type TopTrack = Schemas['TopTrack'];
export type Totals = Schemas['Totals'];
export type TempoOverview = Schemas['TempoOverview'];
export type TempoSaid = Schemas['SourceWordAnswer'];
export type Track = Schemas['Track'];
export type Training = Schemas['Training'];
export type TrackInsights = Schemas['TrackInsights'];
export type TrackPage = Schemas['TrackPageAnswer'];
export type TrackRun = Schemas['TrackRun'];
export type TrackRuns = Schemas['TrackRuns'];
export type TrackSpelling = Schemas['SpellingAnswer'];
export type TrackTempo = Schemas['TrackWithWords'];
export type TreadmillCalibration = Schemas['CalibrationFile'];
export type WatchedFolder = Schemas['WatchedFolder'];
export type Week = Schemas['Week'];
export type Year = Schemas['Year'];

export type Units = Profile['units'];
export type ThemeChoice = Profile['theme'];

/** One page of a list; the cursor leads to the next. */
export interface Page<Item> {
  items: Item[];
  next_cursor: string | null;
}
