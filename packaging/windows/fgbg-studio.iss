; The installer for Windows: for one user, without an administrator's rights. Made by make_installer.py, which says
; Version, VersionNumbers, Publisher, Folder (the frozen program), Out, Edition, Icon, License and Licences with /D.

#define Name "FGBG Studio"
#define Program "FGBG Studio.exe"

[Setup]
; Never changes: by it a newer version finds the older one.
AppId={{7B0C5D0E-3C1E-4B5B-9C0D-5A6C0F7E2D41}
AppName={#Name}
AppVersion={#Version}
AppVerName={#Name} {#Version}
AppPublisher={#Publisher}
VersionInfoVersion={#VersionNumbers}
DefaultDirName={autopf}\{#Name}
DefaultGroupName={#Name}
DisableProgramGroupPage=yes
PrivilegesRequired=lowest
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
MinVersion=10.0.17763
ChangesAssociations=yes
ChangesEnvironment=yes
Compression=lzma2/max
SolidCompression=yes
OutputDir={#Out}
OutputBaseFilename=fgbg-studio-{#Version}-{#Edition}-windows-x86_64
SetupIconFile={#Icon}
UninstallDisplayIcon={app}\{#Program}
UninstallDisplayName={#Name}
LicenseFile={#License}
WizardStyle=modern
CloseApplications=yes

[Tasks]
Name: desktopicon; Description: "{cm:CreateDesktopIcon}"; GroupDescription: "{cm:AdditionalIcons}"; Flags: unchecked
Name: path; Description: "Use fgbg-studio in a terminal (adds its folder to PATH)"; Flags: unchecked

[InstallDelete]
; What an older version brought and this one does not.
Type: filesandordirs; Name: "{app}\_internal"
Type: filesandordirs; Name: "{app}\licences"

[Files]
Source: "{#Folder}\*"; DestDir: "{app}"; Flags: ignoreversion recursesubdirs createallsubdirs
Source: "{#Licences}\*"; DestDir: "{app}\licences"; Flags: ignoreversion recursesubdirs createallsubdirs

[Icons]
Name: "{group}\{#Name}"; Filename: "{app}\{#Program}"
Name: "{autodesktop}\{#Name}"; Filename: "{app}\{#Program}"; Tasks: desktopicon

[Registry]
Root: HKA; Subkey: "Software\Classes\.fgbg"; ValueType: string; ValueData: "FGBGStudio.project"; Flags: uninsdeletevalue uninsdeletekeyifempty
Root: HKA; Subkey: "Software\Classes\FGBGStudio.project"; ValueType: string; ValueData: "FGBG Studio project"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\FGBGStudio.project\DefaultIcon"; ValueType: string; ValueData: "{app}\{#Program},0"
Root: HKA; Subkey: "Software\Classes\FGBGStudio.project\shell\open\command"; ValueType: string; ValueData: """{app}\{#Program}"" ""%1"""
Root: HKCU; Subkey: "Environment"; ValueType: expandsz; ValueName: "Path"; ValueData: "{olddata};{app}"; Tasks: path; Check: NotOnPath

[Run]
Filename: "{app}\{#Program}"; Description: "{cm:LaunchProgram,{#Name}}"; Flags: nowait postinstall skipifsilent

[Code]
const
  Variables = 'Environment';

function NotOnPath: Boolean;
var
  Known: String;
begin
  if not RegQueryStringValue(HKCU, Variables, 'Path', Known) then
    Known := '';
  Result := Pos(';' + Uppercase(ExpandConstant('{app}')) + ';', ';' + Uppercase(Known) + ';') = 0;
end;

procedure CurUninstallStepChanged(Step: TUninstallStep);
var
  Known, Own: String;
  Place: Integer;
begin
  if (Step <> usPostUninstall) or not RegQueryStringValue(HKCU, Variables, 'Path', Known) then
    exit;
  Own := ';' + ExpandConstant('{app}');
  // With the end of the entry: a folder whose name only begins like ours stays.
  Place := Pos(Uppercase(Own) + ';', Uppercase(Known) + ';');
  if Place > 0 then begin
    Delete(Known, Place, Length(Own));
    RegWriteExpandStringValue(HKCU, Variables, 'Path', Known);
  end;
end;
