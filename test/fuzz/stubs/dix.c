/* The parts of an X server that dix.h declares. */
#include "dix.h"

struct _CallbackList {
  CallbackProcPtr callback;
  void *data;
};

static WindowRec root, program;
static WindowPtr own;
static ScreenRec screen = {&root};
static struct _Client server;
static char *names[64] = {""};

typeof(screenInfo) screenInfo = {{&screen}};
CallbackListPtr SelectionCallback, ClientStateCallback;
int (*ProcVector[256])(ClientPtr);
Selection *CurrentSelections;
ClientPtr serverClient = &server;
TimeStamp currentTime;

Bool AddCallback(CallbackListPtr *list, CallbackProcPtr callback, void *data) {
  *list = malloc(sizeof(**list));
  **list = (struct _CallbackList){callback, data};
  return TRUE;
}

void CallCallbacks(CallbackListPtr *list, void *data) { (*list)->callback(list, (*list)->data, data); }

Atom MakeAtom(const char *name, unsigned length, Bool make) {
  for (Atom atom = 1; atom < 64; atom++) {
    if (!names[atom])
      names[atom] = strndup(name, length);
    if (!strncmp(names[atom], name, length) && !names[atom][length])
      return 100 + atom;
  }
  abort();
}

Bool ValidAtom(Atom atom) { return (atom > 0 && atom < 69) || (atom > 100 && atom < 164 && names[atom - 100]); }
const char *NameForAtom(Atom atom) { return atom > 100 && ValidAtom(atom) ? names[atom - 100] : "predefined"; }
XID FakeClientID(int client) { return 42; }
Bool AddResource(XID id, int type, void *value) { return TRUE; }

WindowPtr CreateWindow(Window id, WindowPtr parent, int x, int y, unsigned w, unsigned h, unsigned border, unsigned kind, Mask mask, XID *list,
                       int depth, ClientPtr client, VisualID visual, int *error) {
  own = calloc(1, sizeof(*own));
  own->drawable.id = id;
  return own;
}

int dixLookupWindow(WindowPtr *window, XID id, ClientPtr client, Mask access) {
  *window = own && id == own->drawable.id ? own : &program;
  return id ? Success : BadWindow;
}

int dixLookupSelection(Selection **selection, Atom name, ClientPtr client, Mask access) {
  for (*selection = CurrentSelections; *selection; *selection = (*selection)->next)
    if ((*selection)->selection == name)
      return Success;
  return BadMatch;
}

int dixLookupProperty(PropertyPtr *property, WindowPtr window, Atom name, ClientPtr client, Mask access) {
  for (*property = window->properties; *property; *property = (*property)->next)
    if ((*property)->propertyName == name)
      return Success;
  return BadMatch;
}

int dixChangeWindowProperty(ClientPtr client, WindowPtr window, Atom name, Atom type, int format, int mode, unsigned long length,
                            const void *value, Bool tells) {
  PropertyPtr property;
  if (dixLookupProperty(&property, window, name, client, 0)) {
    property = calloc(1, sizeof(*property));
    property->next = window->properties;
    window->properties = property;
  }
  const unsigned long bytes = length * (format / 8);
  free(property->data);
  property->propertyName = name;
  property->type = type;
  property->format = format;
  property->size = length;
  property->data = memcpy(malloc(bytes), value, bytes);
  return Success;
}

void DeleteWindowFromAnySelections(WindowPtr window) {
  for (Selection *selection = CurrentSelections; selection; selection = selection->next)
    if (selection->pWin == window)
      selection->window = None, selection->pWin = NULL, selection->client = NullClient;
}

void WriteEventsToClient(ClientPtr client, int count, xEvent *events) {}
TimeStamp ClientTimeToServerTime(CARD32 time) { return (TimeStamp){0, time}; }
void FatalError(const char *format, ...) { abort(); }
