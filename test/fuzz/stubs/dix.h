/* What vncSelection.c uses of the X server: one client, one window beside its own, and the properties of both. */
#ifndef DIX_H
#define DIX_H
#define _XSERVER64 /* atoms and windows are of 32 bits */
#define XORG_VERSION_CURRENT 12101004
#include <X11/X.h>
#include <X11/Xatom.h>
#include <X11/Xproto.h>
#include <stdlib.h>
#include <string.h>

typedef int Bool;
enum { FALSE, TRUE };
typedef struct { CARD32 months, milliseconds; } TimeStamp;

typedef struct _Client {
  int clientState;
  XID errorValue;
  void *requestBuffer;
} *ClientPtr;
#define NullClient ((ClientPtr) 0)
enum { ClientStateRunning, ClientStateGone };
typedef struct { ClientPtr client; } NewClientInfoRec;

typedef struct _Property {
  struct _Property *next;
  Atom propertyName, type;
  short format;
  CARD32 size;
  void *data;
} PropertyRec, *PropertyPtr;

typedef struct _Window {
  struct { XID id; } drawable;
  PropertyPtr properties;
} WindowRec, *WindowPtr;

typedef struct { WindowPtr root; } ScreenRec, *ScreenPtr;
extern struct { ScreenPtr screens[1]; } screenInfo;

typedef struct _Selection {
  Atom selection;
  TimeStamp lastTimeChanged;
  Window window;
  WindowPtr pWin;
  ClientPtr client;
  struct _Selection *next;
} Selection;
enum { SelectionSetOwner, SelectionWindowDestroy, SelectionClientClose };
typedef struct { Selection *selection; ClientPtr client; int kind; } SelectionInfoRec;

typedef struct _CallbackList *CallbackListPtr;
typedef void (*CallbackProcPtr)(CallbackListPtr *, void *, void *);
extern CallbackListPtr SelectionCallback, ClientStateCallback;
Bool AddCallback(CallbackListPtr *list, CallbackProcPtr callback, void *data);
void CallCallbacks(CallbackListPtr *list, void *data);

extern int (*ProcVector[256])(ClientPtr);
extern Selection *CurrentSelections;
extern ClientPtr serverClient;
extern TimeStamp currentTime;

enum { DixReadAccess = 1, DixGetAttrAccess = 16, DixSetAttrAccess = 32, DixCreateAccess = 512 };
enum { RT_WINDOW = 1, PRIVATE_SELECTION };
#define REQUEST(type) type *stuff = (type *) client->requestBuffer
#define REQUEST_SIZE_MATCH(type)
#define dixAllocateObjectWithPrivates(type, kind) ((type *) calloc(1, sizeof(type)))
#define XaceHookSelectionAccess(client, selection, mode) Success

Atom MakeAtom(const char *name, unsigned length, Bool make);
const char *NameForAtom(Atom atom);
Bool ValidAtom(Atom atom);
XID FakeClientID(int client);
Bool AddResource(XID id, int type, void *value);
WindowPtr CreateWindow(Window id, WindowPtr parent, int x, int y, unsigned w, unsigned h, unsigned border, unsigned kind, Mask mask, XID *list,
                       int depth, ClientPtr client, VisualID visual, int *error);
int dixLookupWindow(WindowPtr *window, XID id, ClientPtr client, Mask access);
int dixLookupSelection(Selection **selection, Atom name, ClientPtr client, Mask access);
int dixLookupProperty(PropertyPtr *property, WindowPtr window, Atom name, ClientPtr client, Mask access);
int dixChangeWindowProperty(ClientPtr client, WindowPtr window, Atom name, Atom type, int format, int mode, unsigned long length,
                            const void *value, Bool tells);
void DeleteWindowFromAnySelections(WindowPtr window);
void WriteEventsToClient(ClientPtr client, int count, xEvent *events);
TimeStamp ClientTimeToServerTime(CARD32 time);
void FatalError(const char *format, ...);
#endif
